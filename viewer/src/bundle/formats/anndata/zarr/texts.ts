const LENGTH_NBYTES = 4;
const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * Decodes texts that each follow their length. The library takes a second for the names of 262,144 cells,
 * one chunk. Nearly all are ASCII, and cutting them from one text takes a fiftieth of that.
 */
export function unpackTexts(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length < LENGTH_NBYTES ? 0 : view.getUint32(0, true);
  if (bytes.length < LENGTH_NBYTES * (count + 1)) throw new Error('its texts are cut short');
  // One character per byte.
  const letters = new TextDecoder('latin1').decode(bytes);
  const utf8 = new TextDecoder();
  const texts = new Array<string>(count);
  let at = LENGTH_NBYTES;
  for (let item = 0; item < count; item++) {
    if (at + LENGTH_NBYTES > bytes.length) throw new Error('its texts are cut short');
    const start = at + LENGTH_NBYTES;
    at = start + view.getUint32(at, true);
    if (at > bytes.length) throw new Error('its texts are cut short');
    const text = letters.slice(start, at);
    texts[item] = BEYOND_ASCII.test(text) ? utf8.decode(bytes.subarray(start, at)) : text;
  }
  return texts;
}
