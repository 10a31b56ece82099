/** As much of a Kubernetes object as the model needs; the cluster adapter's objects fit as they are. */
export interface LiveObject {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly deletionTimestamp?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** Does an object with these labels fall under the selector? An empty selector selects nothing, as in a Service. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}
