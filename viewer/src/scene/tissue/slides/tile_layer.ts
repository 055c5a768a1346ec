import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import type { Device, Texture } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import type { SlideLook } from '../../../state/drawing/slide_look';
import channels from './channels.frag.glsl?raw';
import picture from './picture.frag.glsl?raw';
import vs from './tile.vert.glsl?raw';
import type { ChannelTile, PictureTile, Tile } from './tile_source';
import { slideUniforms, uniformsOf } from './uniforms';

interface OneTileOwnProps {
  content: Tile;
  /** Left, top, right and bottom, in pixels of the slide. */
  bounds: readonly number[];
  look: SlideLook;
  /** A share of the colours: deck.gl's own opacity is no linear one. */
  cover: number;
  /** Pixels that are seen as such keep their colours, unless this is true, as for a small picture of a whole slide. */
  isSoft?: boolean;
}
export type OneTileProps = OneTileOwnProps & LayerProps;

/** Draws one tile of a slide: a picture, or the sum of its channels in their colours. */
export class OneTileLayer extends Layer<OneTileOwnProps> {
  static override layerName = 'OneTileLayer';
  static override defaultProps = {
    content: { type: 'object', value: null },
    bounds: { type: 'array', value: [0, 0, 1, 1], compare: true },
    look: { type: 'object', value: null },
    cover: 1,
    isSoft: false,
    // Else cells would be behind it: deck.gl puts each layer slightly nearer than the one before.
    parameters: { type: 'object', value: { depthWriteEnabled: false } },
  };

  declare state: { model: Model; texture: Texture | null };

  override initializeState(): void {
    const { content, id } = this.props;
    const fs = content.kind === 'rgb' ? picture : channels;
    const model = new Model(this.context.device, {
      ...(this.getShaders({ vs, fs, modules: [project32, slideUniforms] }) as ModelProps),
      id,
      topology: 'triangle-strip',
      vertexCount: 4,
    });
    this.state = { model, texture: null };
  }

  override updateState({ props, oldProps }: UpdateParameters<this>): void {
    if (props.content === oldProps.content) return;
    this.state.texture?.destroy();
    const { content, isSoft = false } = props;
    const { device } = this.context;
    const texture =
      content.kind === 'rgb' ? pictureTexture(device, content, isSoft) : valueTexture(device, content);
    this.state.texture = texture;
    this.state.model.setBindings({ [content.kind === 'rgb' ? 'picture' : 'values']: texture });
  }

  override draw(): void {
    const { content, bounds, look, cover, isSoft } = this.props;
    this.state.model.shaderInputs.setProps({ slide: uniformsOf(content, look, bounds, cover, isSoft) });
    this.state.model.draw(this.context.renderPass);
  }

  override finalizeState(): void {
    this.state.model.destroy();
    this.state.texture?.destroy();
  }

  protected override _getAttributeManager(): null {
    return null;
  }
}

function pictureTexture(device: Device, { bitmap, width, height }: PictureTile, isSoft: boolean): Texture {
  const texture = device.createTexture({
    format: 'rgba8unorm',
    width,
    height,
    sampler: { minFilter: 'linear', magFilter: isSoft ? 'linear' : 'nearest', ...CLAMPED },
  });
  texture.copyExternalImage({ image: bitmap });
  return texture;
}

const CLAMPED = { addressModeU: 'clamp-to-edge', addressModeV: 'clamp-to-edge' } as const;

function valueTexture(device: Device, { values, width, height }: ChannelTile): Texture {
  const format =
    values instanceof Uint8Array ? 'r8unorm' : values instanceof Uint16Array ? 'rg8unorm' : 'r32float';
  const depth = values.length / (width * height);
  const texture = device.createTexture({
    dimension: '2d-array',
    format,
    width,
    height,
    depth,
    sampler: { minFilter: 'nearest', magFilter: 'nearest', ...CLAMPED },
  });
  // Numbers of 16 bits are two bytes each.
  const bytes = values instanceof Uint16Array ? new Uint8Array(values.buffer, values.byteOffset) : values;
  texture.writeData(bytes, { width, height, depthOrArrayLayers: depth });
  return texture;
}
