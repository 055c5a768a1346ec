import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import { Buffer } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import fs from './shapes.frag.glsl?raw';
import vs from './shapes.vert.glsl?raw';
import type { ShapeGeometry } from './geometry';
import { shapesUniforms, type ShapesUniforms } from './uniforms';

interface ShapesLayerOwnProps {
  geometry: ShapeGeometry;
  /** RGBA bytes of each vertex. */
  colors: Uint8Array<ArrayBuffer>;
  fill: number;
  /** Opacity of the outlines; 0 for none. */
  outline: number;
  /** What outlines are darkened or lightened with, for contrast with what they surround. */
  ink: readonly [number, number, number];
}

export type ShapesLayerProps = ShapesLayerOwnProps & LayerProps;

/** How much of the ink is in an outline. */
const INK = 0.25;

/** The shapes of one tile: triangles, and lines of one pixel around them, of the same vertices. */
export class ShapesLayer extends Layer<ShapesLayerOwnProps> {
  static override layerName = 'ShapesLayer';
  // Arrays are compared by identity.
  static override defaultProps = {
    geometry: { type: 'data', value: null },
    colors: { type: 'data', value: null },
  };

  // deck.gl looks for models under this name.
  declare state: { models: [fill: Model, outline: Model]; colors: Buffer; buffers: Buffer[] };

  override initializeState(): void {
    const { geometry, colors } = this.props;
    const { device } = this.context;
    const positions = device.createBuffer({ usage: Buffer.VERTEX, data: geometry.vertices });
    const tints = device.createBuffer({ usage: Buffer.VERTEX | Buffer.COPY_DST, data: colors });
    const index = (data: Uint32Array<ArrayBuffer>) =>
      device.createBuffer({
        usage: Buffer.INDEX,
        indexType: 'uint32',
        // An empty buffer is an error.
        data: data.length > 0 ? data : new Uint32Array(3),
      });
    const [triangles, lines] = [index(geometry.triangles), index(geometry.lines)];
    const model = (topology: 'triangle-list' | 'line-list', indexBuffer: Buffer, vertexCount: number) => {
      const made = new Model(device, {
        ...(this.getShaders({ vs, fs, modules: [project32, shapesUniforms] }) as ModelProps),
        id: `${this.props.id}-${topology}`,
        topology,
        bufferLayout: [
          { name: 'positions', format: 'float32x2' },
          { name: 'colors', format: 'unorm8x4' },
        ],
        parameters: { depthWriteEnabled: false, depthCompare: 'always' },
      });
      made.setAttributes({ positions, colors: tints });
      made.setIndexBuffer(indexBuffer);
      made.setVertexCount(vertexCount);
      return made;
    };
    this.state = {
      models: [
        model('triangle-list', triangles, geometry.triangles.length),
        model('line-list', lines, geometry.lines.length),
      ],
      colors: tints,
      buffers: [positions, tints, triangles, lines],
    };
  }

  override updateState({ props, oldProps }: UpdateParameters<this>): void {
    if (oldProps.colors !== undefined && props.colors !== oldProps.colors)
      this.state.colors.write(props.colors);
  }

  override draw(): void {
    const { fill, outline, ink, geometry } = this.props;
    const { renderPass } = this.context;
    const draw = (model: Model, uniforms: ShapesUniforms) => {
      model.shaderInputs.setProps({ shapes: uniforms });
      model.draw(renderPass);
    };
    const [inner, rim] = this.state.models;
    const color = ink.map((byte) => byte / 255);
    if (fill > 0 && geometry.triangles.length > 0) draw(inner, { ink: [...color, 0], opacity: fill });
    if (outline > 0 && geometry.lines.length > 0) draw(rim, { ink: [...color, INK], opacity: outline });
  }

  override finalizeState(): void {
    for (const model of this.state.models) model.destroy();
    for (const buffer of this.state.buffers) buffer.destroy();
  }

  // The layer has its own buffers.
  protected override _getAttributeManager(): null {
    return null;
  }
}
