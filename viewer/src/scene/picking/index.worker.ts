import KDBush from 'kdbush';

/** Builds the spatial index of cells in a worker: it takes seconds for ten million cells. */
addEventListener('message', ({ data }: MessageEvent<{ positions: Float32Array; dims: number }>) => {
  const { positions, dims } = data;
  const count = positions.length / dims;
  const index = new KDBush(count, 64, Float32Array);
  for (let cell = 0; cell < count; cell++) {
    const x = positions[cell * dims];
    const y = positions[cell * dims + 1];
    // A cell without coordinates is put where nobody points; NaN would break the index.
    const nowhere = Number.isNaN(x) || Number.isNaN(y);
    index.add(nowhere ? Infinity : x, nowhere ? Infinity : y);
  }
  index.finish();
  postMessage(index.data, { transfer: [index.data as ArrayBuffer] });
});
