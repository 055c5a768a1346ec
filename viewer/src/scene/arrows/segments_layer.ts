import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import { Buffer } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import fs from './segments.frag.glsl?raw';
import vs from './segments.vert.glsl?raw';
import type { Segments } from './segments';
import { segmentsUniforms, type SegmentsUniforms } from './uniforms';

type Color = readonly [number, number, number];

interface SegmentsLayerOwnProps {
  segments: Segments;
  color: Color;
  /** The colour around the lines, so that they stand out from cells of any colour. */
  haloColor: Color;
  /** In CSS pixels; a head of length 0 makes a plain line. */
  width: number;
  head: number;
  halo: number;
}

export type SegmentsLayerProps = SegmentsLayerOwnProps & LayerProps;

/** Thousands of lines or arrows with a constant width on the screen, and smooth edges. */
export class SegmentsLayer extends Layer<SegmentsLayerOwnProps> {
  static override layerName = 'SegmentsLayer';
  static override defaultProps = { segments: { type: 'data', value: null } };

  declare state: { model: Model; buffers: Buffer[] };

  override initializeState(): void {
    const model = new Model(this.context.device, {
      ...(this.getShaders({ vs, fs, modules: [project32, segmentsUniforms] }) as ModelProps),
      id: this.props.id,
      topology: 'triangle-strip',
      vertexCount: 4,
      isInstanced: true,
      bufferLayout: [
        { name: 'tails', format: 'float32x3', stepMode: 'instance' },
        { name: 'tips', format: 'float32x3', stepMode: 'instance' },
      ],
      parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    });
    this.state = { model, buffers: [] };
  }

  override updateState({ props, oldProps, changeFlags }: UpdateParameters<this>): void {
    const { model } = this.state;
    if (props.segments === oldProps.segments && !changeFlags.dataChanged) return;
    const { tails, tips, count } = props.segments;
    for (const buffer of this.state.buffers) buffer.destroy();
    const [first, second] = [tails, tips].map((ends) =>
      this.context.device.createBuffer({
        usage: Buffer.VERTEX,
        data: count > 0 ? ends.subarray(0, 3 * count) : new Float32Array(3),
      }),
    );
    this.state.buffers = [first, second];
    model.setAttributes({ tails: first, tips: second });
  }

  override draw(): void {
    const { segments, color, haloColor, width, head, halo } = this.props;
    if (segments.count === 0) return;
    const uniforms: SegmentsUniforms = {
      color: [...color.map((byte) => byte / 255), 1],
      haloColor: [...haloColor.map((byte) => byte / 255), 1],
      width,
      head,
      halo,
      pixel: this.context.device.canvasContext?.cssToDeviceRatio() ?? 1,
    };
    this.state.model.shaderInputs.setProps({ segments: uniforms });
    // Set here, since deck.gl sets it to the number of its own attributes, which is 0.
    this.state.model.setInstanceCount(segments.count);
    this.state.model.draw(this.context.renderPass);
  }

  override finalizeState(): void {
    this.state.model.destroy();
    for (const buffer of this.state.buffers) buffer.destroy();
  }

  protected override _getAttributeManager(): null {
    return null;
  }
}
