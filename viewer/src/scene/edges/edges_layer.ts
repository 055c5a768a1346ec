import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import { Buffer } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import fs from './edges.frag.glsl?raw';
import vs from './edges.vert.glsl?raw';
import { edgesUniforms, type EdgesUniforms } from './uniforms';

interface EdgesLayerOwnProps {
  /** float32 `(n, width)`; lines to cells without coordinates are not drawn. */
  positions: Float32Array<ArrayBuffer>;
  width: 2 | 3;
  solid: boolean;
  /** The two cells at the ends of each line. */
  pairs: Uint32Array<ArrayBuffer>;
  color: readonly [number, number, number];
}

export type EdgesLayerProps = EdgesLayerOwnProps & LayerProps;

/** Millions of lines of one pixel: 8 bytes each, as pairs of indices into the positions of the cells. */
export class EdgesLayer extends Layer<EdgesLayerOwnProps> {
  static override layerName = 'EdgesLayer';
  static override defaultProps = {
    positions: { type: 'data', value: null },
    pairs: { type: 'data', value: null },
  };

  declare state: { model: Model; positions: Buffer | null; pairs: Buffer | null };

  override initializeState(): void {
    const { width, solid } = this.props;
    const model = new Model(this.context.device, {
      ...(this.getShaders({ vs, fs, modules: [project32, edgesUniforms] }) as ModelProps),
      id: this.props.id,
      topology: 'line-list',
      bufferLayout: [
        {
          name: 'positions',
          byteStride: width * Float32Array.BYTES_PER_ELEMENT,
          attributes: [{ attribute: 'positions', format: solid ? 'float32x3' : 'float32x2', byteOffset: 0 }],
        },
      ],
      // Cells hide the lines behind them; lines hide nothing.
      parameters: { depthWriteEnabled: false, depthCompare: solid ? 'less-equal' : 'always' },
    });
    this.state = { model, positions: null, pairs: null };
  }

  override updateState({ props, oldProps, changeFlags }: UpdateParameters<this>): void {
    const fresh = changeFlags.dataChanged || oldProps.positions === undefined;
    if (fresh || props.positions !== oldProps.positions) {
      this.state.positions?.destroy();
      this.state.positions = this.#buffer(props.positions, Buffer.VERTEX);
      this.state.model.setAttributes({ positions: this.state.positions });
    }
    if (fresh || props.pairs !== oldProps.pairs) {
      this.state.pairs?.destroy();
      this.state.pairs = this.#buffer(props.pairs, Buffer.INDEX);
      this.state.model.setIndexBuffer(this.state.pairs);
      this.state.model.setVertexCount(props.pairs.length);
    }
  }

  override draw(): void {
    const { color, opacity, pairs } = this.props;
    if (pairs.length === 0) return;
    const uniforms: EdgesUniforms = { color: [...color.map((byte) => byte / 255), opacity] };
    this.state.model.shaderInputs.setProps({ edges: uniforms });
    this.state.model.draw(this.context.renderPass);
  }

  override finalizeState(): void {
    this.state.model.destroy();
    this.state.positions?.destroy();
    this.state.pairs?.destroy();
  }

  protected override _getAttributeManager(): null {
    return null;
  }

  #buffer(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, usage: number): Buffer {
    return this.context.device.createBuffer({
      id: `${this.props.id}-${usage === Buffer.INDEX ? 'pairs' : 'positions'}`,
      usage,
      ...(usage === Buffer.INDEX && { indexType: 'uint32' as const }),
      // An empty buffer is an error.
      data: data.length > 0 ? data : new Uint32Array(2),
    });
  }
}
