import type { Bytes } from './files';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const JPEG_STARTS = [0xff, 0xd8];
/** Markers of a frame header, which holds the size: this range except the markers of tables in it. */
const JPEG_FRAMES = { first: 0xc0, last: 0xcf, tables: [0xc4, 0xc8, 0xcc] } as const;
/** Markers without a length after them. */
const JPEG_BARE = [0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7];

/** Reads the size of a picture from its header, without decoding it; null for an unknown kind of file. */
export function sizeOfImage(bytes: Bytes): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, '\x89PNG\r\n\x1a\n') && startsWith(bytes, 'IHDR', 12))
      return { width: view.getUint32(16), height: view.getUint32(20) };
    if (JPEG_STARTS.every((byte, at) => bytes[at] === byte)) return sizeOfJpeg(view);
    if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return sizeOfWebp(bytes, view);
    if (startsWith(bytes, 'GIF8')) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  } catch (error) {
    // The file ends before the size.
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

function startsWith(bytes: Bytes, letters: string, from = 0): boolean {
  return Array.from(letters).every((letter, at) => bytes[from + at] === letter.charCodeAt(0));
}

function sizeOfJpeg(view: DataView): Size | null {
  let at = JPEG_STARTS.length;
  for (;;) {
    if (view.getUint8(at++) !== 0xff) return null;
    let marker = view.getUint8(at++);
    // Any number of fill bytes may precede a marker.
    while (marker === 0xff) marker = view.getUint8(at++);
    if (JPEG_BARE.includes(marker)) continue;
    const { first, last, tables } = JPEG_FRAMES;
    if (first <= marker && marker <= last && !(tables as readonly number[]).includes(marker))
      return { width: view.getUint16(at + 5), height: view.getUint16(at + 3) };
    at += view.getUint16(at);
  }
}

function sizeOfWebp(bytes: Bytes, view: DataView): Size | null {
  // Lossy, lossless, or extended, for instance with transparency.
  if (startsWith(bytes, 'VP8 ', 12))
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(bytes, 'VP8X', 12)) return null;
  return {
    width: (view.getUint32(24, true) & 0xffffff) + 1,
    height: (view.getUint32(26, true) >>> 8) + 1,
  };
}
