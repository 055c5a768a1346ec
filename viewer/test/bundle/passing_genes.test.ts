import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { anndataStore } from '../anndata_fixture';
import { cellucidExport } from '../cellucid_fixture';
import { streamBundle } from '../stream_fixture';

const FORMATS = {
  stream: streamBundle,
  cellucid: cellucidExport,
  'sparse store': anndataStore,
  'dense store': () => anndataStore({ x: 'dense' }),
  'sharded store': () => anndataStore({ x: 'sharded', format: 3 }),
};

test.each(Object.entries(FORMATS))('genes that pass are those that are kept: %s', async (_, make) => {
  const files = make();
  const bundle = await openBundle(files);
  const kept = await bundle.expression(0);
  const genes = bundle.passingGenes();
  for (let gene = 0; gene < bundle.nGenes; gene++)
    expect(await genes.expression(gene)).toEqual(await bundle.expression(gene));
  // What was loaded before is still there.
  files.asked.length = 0;
  expect(await bundle.expression(0)).toEqual(kept);
  expect(files.asked).toEqual([]);
});

test('what is stored alone is not kept, and what is stored together is read once', async () => {
  const alone = streamBundle();
  const genes = (await openBundle(alone)).passingGenes();
  await genes.expression(0);
  await genes.expression(1);
  alone.asked.length = 0;
  await genes.expression(0);
  expect(alone.asked.length).toBeGreaterThan(0);

  const together = anndataStore();
  const bundle = await openBundle(together);
  together.asked.length = 0;
  const passing = bundle.passingGenes();
  for (let gene = 0; gene < bundle.nGenes; gene++) await passing.expression(gene);
  const chunks = together.asked.filter((path) => path.startsWith('X/'));
  expect(chunks).toEqual([...new Set(chunks)]);
});
