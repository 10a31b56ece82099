import { Argument, Command } from 'commander';

/** `pilab schema lab|playbook`: JSON Schema for editors. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a file format, for editors')
    .addArgument(new Argument('<format>', 'which file').choices(['lab', 'playbook']))
    .action(async (format: string) => {
      const schema =
        format === 'lab'
          ? (await import('../lab/schema.js')).labJsonSchema()
          : (await import('../playbook/json-schema.js')).playbookJsonSchema();
      process.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
    });
}
