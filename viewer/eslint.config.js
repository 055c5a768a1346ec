import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Rooms of the viewer, from the lowest: each may import from those below it only. */
const ROOMS = ['bytes', 'bundle', 'state', 'scene', 'ui', 'exporter'];

const directions = ROOMS.map((room, level) => ({
  files: [`src/${room}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ROOMS.slice(level + 1).flatMap((above) => [`**/${above}/*`, `**/${above}/**`]),
            message: 'Imports run exporter -> ui -> scene -> state -> bundle -> bytes.',
          },
          ...(level < ROOMS.indexOf('scene')
            ? [{ group: ['preact', 'preact/*', '@preact/signals', '@deck.gl/*', '@luma.gl/*'] }]
            : []),
        ].filter(({ group }) => group.length > 0),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'eslint.config.js'] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'tsconfig.core.json', 'tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      complexity: ['error', 16],
      'no-restricted-syntax': [
        'error',
        {
          // Names of genes and columns come from strangers: they are text, never markup.
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'Set text, not markup.',
        },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Set text, not markup.' },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  ...directions,
);
