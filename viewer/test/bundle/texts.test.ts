import { describe, expect, test } from 'vitest';
import { unpackTexts } from '../../src/bundle/formats/anndata/zarr/texts';

function packed(texts: readonly string[]): Uint8Array {
  const length = (count: number) => Buffer.from(Uint32Array.of(count).buffer);
  const items = texts.map((text) => Buffer.from(text));
  return new Uint8Array(
    Buffer.concat([length(texts.length), ...items.flatMap((item) => [length(item.length), item])]),
  );
}

describe('packed texts', () => {
  test.each([[[]], [['']], [['a', '', 'bc']], [['é', 'ü€', '😀', '\0', '\x80', '~', '</script>', 'a\nb']]])(
    'are unpacked: %j',
    (texts) => {
      expect(unpackTexts(packed(texts))).toEqual(texts);
      // As a part of a larger buffer, too.
      const moved = new Uint8Array([9, 9, 9, ...packed(texts)]).subarray(3);
      expect(unpackTexts(moved)).toEqual(texts);
    },
  );

  test('that are cut short are refused, wherever', () => {
    const whole = packed(['abc', 'é', 'x']);
    for (let length = 4; length < whole.length; length++)
      expect(() => unpackTexts(whole.subarray(0, length))).toThrow('cut short');
  });

  test('of a number that cannot be are refused before room is made for them', () => {
    const whole = packed(['abc']);
    new DataView(whole.buffer).setUint32(0, 2 ** 32 - 1, true);
    expect(() => unpackTexts(whole)).toThrow('cut short');
  });
});
