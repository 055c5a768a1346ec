import { expect, it } from 'vitest';
import { remedyOf } from '../../src/exporter/model/remedy';
import type { Field, Finding } from '../../src/exporter/model/schema';

const field = (name: string, kind: Field['kind'], title: string): Field => ({
  name,
  flag: `--${name}`,
  section: '',
  title,
  help: '',
  kind,
  default: null,
  metavar: '',
  choices: [],
  n_values: 1,
  formats: [],
  names_parts: false,
});
const FIELDS = [
  field('layer', 'text', 'Layer'),
  field('raw', 'switch', 'Values of raw'),
  field('image', 'text', 'Tissue image'),
  field('no_image', 'switch', 'No image'),
  field('leave_out', 'list', 'Leave out'),
];
const fieldOf = (name: string) => FIELDS.find((each) => each.name === name);
const found = (option: string, value: Finding['value']): Finding => ({ code: 'x', text: 'X', option, value });

it('sets one value', () => {
  expect(remedyOf(found('layer', 'counts'), {}, fieldOf)).toEqual({
    field: FIELDS[0],
    value: 'counts',
    words: 'Set “Layer” to counts',
  });
});

it('turns switches, and what has a switch of its own to turn it off', () => {
  expect(remedyOf(found('raw', true), {}, fieldOf)).toMatchObject({
    value: true,
    words: 'Turn on “Values of raw”',
  });
  expect(remedyOf(found('image', false), {}, fieldOf)).toMatchObject({
    field: FIELDS[3],
    value: true,
    words: 'Turn on “No image”',
  });
});

it('adds to a list', () => {
  const values = { leave_out: ['uns'] };
  expect(remedyOf(found('leave_out', ['obsm:a', 'uns']), values, fieldOf)?.value).toEqual(['uns', 'obsm:a']);
  expect(remedyOf(found('leave_out', 'obsm:a'), {}, fieldOf)?.value).toEqual(['obsm:a']);
});

it('has no click where there is nothing to set', () => {
  expect(remedyOf(found('', null), {}, fieldOf)).toBeNull();
  expect(remedyOf(found('layer', null), {}, fieldOf)).toBeNull();
  expect(remedyOf(found('gone', 'x'), {}, fieldOf)).toBeNull();
});
