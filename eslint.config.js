import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The one direction of data: a room of `src/` may import only from the rooms named here (and from itself). Pure rooms
 * name no adapter. `errors.ts` and `text.ts` at the top of `src/` belong to everybody.
 */
const ROOMS = {
  event: ['probe'],
  ports: [],
  probe: ['playbook'],
  yaml: [],
  playbook: ['model', 'yaml'],
  model: [],
  lab: ['yaml', 'model'],
  check: ['playbook', 'probe', 'event', 'model'],
  plan: ['playbook', 'lab', 'event', 'probe', 'model'],
  script: ['playbook', 'plan', 'probe', 'model', 'lab'],
  steps: ['playbook', 'plan', 'probe', 'check', 'event', 'model', 'ports', 'lab'],
  run: ['steps', 'playbook', 'plan', 'probe', 'check', 'event', 'model', 'ports', 'lab'],
  report: ['event', 'probe'],
  ssh: ['lab', 'ports'],
  cluster: ['lab', 'ports'],
  tui: ['event', 'report', 'probe', 'model', 'check'],
  addons: ['steps', 'run', 'yaml', 'ports'],
  rack: ['addons', 'ports'],
};
const PURE = ['event', 'yaml', 'probe', 'playbook', 'model', 'check', 'plan', 'report', 'lab', 'tui', 'script'];
const EFFECTS = [
  'ssh2',
  '@kubernetes/client-node',
  'execa',
  'node:child_process',
  'node:net',
  'node:http',
  'node:https',
];
/** Pure rooms whose job it is to read files of the person: the loaders. */
const READS_FILES = ['playbook', 'lab'];

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`, `src/${room}/**/*.tsx`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\./(?:\\.\\./)*(?!(?:${[room, ...allowed].join('|')})/)[a-z]+/`,
            message: `src/${room} may import only: ${allowed.join(', ') || 'nothing else'} (one direction, see eslint.config.js).`,
          },
          ...(PURE.includes(room)
            ? [
                {
                  group: [...EFFECTS, ...(READS_FILES.includes(room) ? [] : ['node:fs', 'node:fs/promises'])],
                  message: `src/${room} is a pure room: no effects here.`,
                },
              ]
            : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-console': 'error',
    },
  },
  { files: ['test/**/*.ts', 'test/**/*.tsx'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...rooms,
);
