/** An IngressClass: its name, and who serves it (`spec.controller`). */
export interface IngressClass {
  readonly name: string;
  readonly controller: string;
}

/**
 * The ingress classes that exercises use, the first one for most of them: those that the lab file names, in its order, as
 * far as the cluster has them; without such a list all of the cluster, by name.
 * @param wanted `ingress.classes` of the lab file
 */
export function usedIngressClasses(
  present: readonly IngressClass[],
  wanted: readonly string[] | undefined,
): readonly IngressClass[] {
  const served = present.filter(({ controller }) => controller !== '');
  return wanted === undefined
    ? [...served].sort((a, b) => a.name.localeCompare(b.name))
    : wanted.flatMap((name) => served.filter((each) => each.name === name));
}
