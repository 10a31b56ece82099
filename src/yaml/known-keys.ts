import { z } from 'zod';
import type { Path } from './source.js';

/** The keys that a schema accepts in the map at `path`; of a union, those of every alternative. */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const schemas = path.reduce<z.core.$ZodType[]>(
    (parents, segment) => parents.flatMap((parent) => children(parent, segment)),
    [schema],
  );
  return [
    ...new Set(
      schemas.flatMap(alternatives).flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : [])),
    ),
  ];
}

function children(schema: z.core.$ZodType, segment: PropertyKey): z.core.$ZodType[] {
  return alternatives(schema).flatMap((one): z.core.$ZodType[] => {
    if (one instanceof z.ZodObject) {
      const property = (one.shape as Record<PropertyKey, z.core.$ZodType | undefined>)[segment];
      return property === undefined ? [] : [property];
    }
    if (one instanceof z.ZodArray) return [one.element];
    if (one instanceof z.ZodRecord) return [one.valueType];
    return [];
  });
}

/** Looks through wrappers (optional, default, transform, …) and unions to the schemas of the input. */
function alternatives(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  if (schema instanceof z.ZodPipe) return alternatives(schema.in);
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right].flatMap(alternatives);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodLazy
  ) {
    return alternatives(schema.unwrap());
  }
  return [schema];
}
