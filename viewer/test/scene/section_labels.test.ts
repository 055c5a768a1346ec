import { expect, test } from 'vitest';
import { touch } from '../../src/scene/labels/layout';
import { sectionLabels, type SectionField } from '../../src/scene/labels/section_labels';

const SIZE = { width: 390, height: 400 };
const widthOf = (text: string, isSmall: boolean) => text.length * (isSmall ? 6 : 8) + (isSmall ? 4 : 10);

/** A grid of sections of this side and gap, three in a row. */
function grid(side: number, gap: number, names: readonly string[]): SectionField[] {
  return names.map((text, code) => {
    const left = 30 + (code % 3) * (side + gap);
    const top = 40 + Math.floor(code / 3) * (side + gap);
    return { code, text, left, right: left + side, top, bottom: top + side };
  });
}
const NAMES = ['s1', 's2', 's3', 's4', 's5', 's6'];

function centre({ left, right, top, bottom }: SectionField) {
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
}

test('names stand above their sections where there is room', () => {
  const sections = grid(80, 30, NAMES);
  const labels = sectionLabels(sections, SIZE, widthOf);
  expect(labels.map(({ text }) => text)).toEqual(NAMES);
  labels.forEach((label, at) => {
    expect(label.isSmall).toBe(false);
    expect(label.y + label.height / 2).toBeLessThan(sections[at].top);
  });
});

test('all names are small where large ones would cover cells of other sections', () => {
  const sections = grid(80, 16, NAMES);
  const labels = sectionLabels(sections, SIZE, widthOf);
  expect(labels.map(({ isSmall }) => isSmall)).toEqual(NAMES.map(() => true));
  labels.forEach((label, at) => expect(label.y + label.height / 2).toBeLessThan(sections[at].top));
});

test.each([
  ['no gap for them', NAMES],
  ['names that are wider than their sections', NAMES.map((name) => `${name} of a long experiment`)],
])('names lie on their own cells alone where there is %s', (_, names) => {
  const sections = grid(70, 6, names);
  const labels = sectionLabels(sections, SIZE, widthOf);
  expect(labels.map(({ text }) => text)).toEqual(names);
  labels.forEach((label, at) => {
    expect(label.width).toBeLessThanOrEqual(70);
    expect(label.y - label.height / 2).toBeGreaterThanOrEqual(sections[at].top);
    const touched = sections.filter((section) => touch(label, centre(section)));
    expect(touched.map(({ code }) => code)).toEqual([label.code]);
  });
});

test('sections that are too small for a name have none', () => {
  expect(sectionLabels(grid(12, 2, NAMES), SIZE, widthOf)).toEqual([]);
});

test('names out of view need no room', () => {
  const far = grid(80, 30, ['near']).concat(
    grid(2, 1, ['x', 'y', 'z']).map((each) => ({ ...each, code: each.code + 1, top: 900, bottom: 902 })),
  );
  expect(sectionLabels(far, SIZE, widthOf)[0]).toMatchObject({ text: 'near', isSmall: false });
});
