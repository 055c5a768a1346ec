import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import { Buffer } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import type { Floats } from '../../../bytes/numbers';
import fs from './transcripts.frag.glsl?raw';
import vs from './transcripts.vert.glsl?raw';
import { transcriptsUniforms, type TranscriptsUniforms } from './uniforms';

type Color = readonly [number, number, number];

interface TranscriptsLayerOwnProps {
  /** float32 `(n, 2)` each. */
  nodes: readonly Floats[];
  color: Color;
  /** Around each point, so that it stands out from cells of any colour. */
  rimColor: Color;
  /** In pixels. */
  diameter: number;
  rim: number;
}

export type TranscriptsLayerProps = TranscriptsLayerOwnProps & LayerProps;

/** The transcripts of one gene: a buffer for each node, which stays on the graphics card while it is drawn. */
export class TranscriptsLayer extends Layer<TranscriptsLayerOwnProps> {
  static override layerName = 'TranscriptsLayer';
  static override defaultProps = { nodes: { type: 'data', value: [] } };

  declare state: { model: Model; buffers: Map<Floats, Buffer> };

  override initializeState(): void {
    const model = new Model(this.context.device, {
      ...(this.getShaders({ vs, fs, modules: [project32, transcriptsUniforms] }) as ModelProps),
      id: this.props.id,
      topology: 'point-list',
      bufferLayout: [{ name: 'places', format: 'float32x2' }],
      parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    });
    this.state = { model, buffers: new Map() };
  }

  override updateState({ props }: UpdateParameters<this>): void {
    const { buffers } = this.state;
    const wanted = new Set(props.nodes);
    for (const [node, buffer] of buffers) {
      if (wanted.has(node)) continue;
      buffer.destroy();
      buffers.delete(node);
    }
    for (const node of wanted) {
      if (buffers.has(node)) continue;
      buffers.set(node, this.context.device.createBuffer({ usage: Buffer.VERTEX, data: node }));
    }
  }

  override draw(): void {
    const { color, rimColor, diameter, rim } = this.props;
    const uniforms: TranscriptsUniforms = {
      color: [...color.map((byte) => byte / 255), 1],
      rimColor: [...rimColor.map((byte) => byte / 255), 1],
      diameter,
      rim,
    };
    const { model, buffers } = this.state;
    model.shaderInputs.setProps({ transcripts: uniforms });
    for (const [node, buffer] of buffers) {
      model.setAttributes({ places: buffer });
      model.setVertexCount(node.length / 2);
      model.draw(this.context.renderPass);
    }
  }

  override finalizeState(): void {
    this.state.model.destroy();
    for (const buffer of this.state.buffers.values()) buffer.destroy();
  }

  protected override _getAttributeManager(): null {
    return null;
  }
}
