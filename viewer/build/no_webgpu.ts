/**
 * Stands for what deck.gl packs attributes with on WebGPU, 85 kB of it. The page draws with WebGL2, where deck.gl
 * never calls it.
 */
export const backendRegistry = null;
export const cleanEvaluateSync = null;
export const GPUDataEvaluator = null;
export const interleave = null;
