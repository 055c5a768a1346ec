import { withDpi } from '../../state/picture/png';

/** The pixels of a canvas as a file that states how many there are to an inch. */
export async function pngBlob(canvas: HTMLCanvasElement, dpi: number): Promise<Blob> {
  const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!png) throw new RangeError(`${canvas.width} × ${canvas.height} pixels are too many for this browser`);
  return new Blob(withDpi(new Uint8Array(await png.arrayBuffer()), dpi), { type: 'image/png' });
}
