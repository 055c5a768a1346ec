import { Layer, project32, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import { Buffer, type Texture } from '@luma.gl/core';
import { Model, type ModelProps } from '@luma.gl/engine';
import { LUT_WIDTH } from '../../state/colouring/palette';
import fs from './points.frag.glsl?raw';
import vs from './points.vert.glsl?raw';
import { CURVES, KINDS, pointsUniforms, type PointsUniforms } from './uniforms';

type Color = readonly [number, number, number];

interface Blend {
  /** Bounds of each gene's range, as shares of its extent. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Steps of each gene in the table. */
  readonly steps: number;
}

/** Cells on their way from other coordinates. */
export interface Travel {
  /** As `positions`. */
  readonly from: Float32Array<ArrayBuffer>;
  /** `[scale x, scale y, shift x, shift y]`: from these coordinates to those of `positions`. */
  readonly fit: readonly [number, number, number, number];
  /** The part of the way that is behind them. */
  readonly share: number;
}

interface PointsLayerOwnProps {
  /** float32 `(n, width)`. NaN is not drawn. */
  positions: Float32Array<ArrayBuffer>;
  /** Null for cells that do not move. */
  travel: Travel | null;
  /** The part of the width that is drawn, from one share to another; null for all. */
  clip: readonly [number, number] | null;
  width: 2 | 3;
  /** Draws the third value as depth: nearer cells are larger and hide those behind them. */
  solid: boolean;
  /** Whether cells do not hide each other: for low opacity. */
  mist: boolean;
  /** float32 `(n,)`: codes or numbers; NaN is missing. Null for a plain colour. */
  values: Float32Array<ArrayBuffer> | null;
  /** One byte per cell: 255 is shown, 0 hidden, and values between are faint; null shows all. */
  mask: Uint8Array<ArrayBuffer> | null;
  /** Cells in drawing order; null for their own order. */
  order: Uint32Array<ArrayBuffer> | null;
  /** RGBA bytes, `LUT_WIDTH` colours per row. */
  table: Uint8Array<ArrayBuffer>;
  kind: keyof typeof KINDS;
  /** Of the values on their scale. */
  range: readonly [number, number];
  scale: keyof typeof CURVES;
  /** Added to a value before it is scaled. */
  base: number;
  /** Of a blend; null for another kind. */
  blend: Blend | null;
  diameter: number;
  /** Of squares, radians from right to down; null draws discs. `diameter` is the side of a square. */
  angle: number | null;
  /** Pixels per pixel of the page: more in a picture. */
  unit: number;
  /** Factor for the diameter of cells with a value other than that of `zeroColor`. */
  growth: number;
  plainColor: Color;
  missingColor: Color;
  /** Colour of cells with the value 0; null if 0 is a number like any other. */
  zeroColor: Color | null;
  /** Colour of the background: far cells fade into it. */
  stageColor: Color;
  /** Radius of the ball around all cells, in the embedding's units. */
  radius: number;
}

export type PointsLayerProps = PointsLayerOwnProps & LayerProps;

/**
 * Draws cells as `gl.POINTS`: a vertex each, while deck.gl's own point layers draw a quad each.
 * Arrays are sent to the graphics card once, unchanged; a new colouring sends four bytes per
 * cell, a filter one, and a new range, size, opacity or palette, or
 * grey zeros, none.
 */
export class PointsLayer extends Layer<PointsLayerOwnProps> {
  static override layerName = 'PointsLayer';
  // Arrays are compared by identity: deep comparison would read every cell.
  static override defaultProps = {
    positions: { type: 'data', value: null },
    values: { type: 'data', value: null },
    mask: { type: 'data', value: null },
    order: { type: 'data', value: null },
    table: { type: 'data', value: null },
  };

  declare state: { model: Model; buffers: Map<string, Buffer>; table: Texture | null };

  override initializeState(): void {
    const { width, solid, mist } = this.props;
    const stride = width * Float32Array.BYTES_PER_ELEMENT;
    const model = new Model(this.context.device, {
      ...(this.getShaders({ vs, fs, modules: [project32, pointsUniforms] }) as ModelProps),
      id: this.props.id,
      topology: 'point-list',
      bufferLayout: [
        {
          name: 'positions',
          byteStride: stride,
          // The shader's third value is 0 if there is none.
          attributes: [{ attribute: 'positions', format: solid ? 'float32x3' : 'float32x2', byteOffset: 0 }],
        },
        {
          name: 'origins',
          byteStride: stride,
          attributes: [{ attribute: 'origins', format: solid ? 'float32x3' : 'float32x2', byteOffset: 0 }],
        },
        { name: 'values', format: 'float32' },
        { name: 'shown', format: 'unorm8' },
      ],
      // In a plane, cells are drawn in the given order, without depth.
      parameters: {
        depthWriteEnabled: solid && !mist,
        depthCompare: solid ? 'less-equal' : 'always',
      },
    });
    this.state = { model, buffers: new Map(), table: null };
  }

  override updateState({ props, oldProps, changeFlags }: UpdateParameters<this>): void {
    const fresh = changeFlags.dataChanged || oldProps.positions === undefined;
    const count = props.positions.length / props.width;
    this.#place(props, fresh ? null : oldProps);
    if (fresh || props.values !== oldProps.values) {
      this.#upload('values', props.values ?? new Float32Array(count));
    }
    if (fresh || props.mask !== oldProps.mask) {
      this.#upload('shown', props.mask ?? new Uint8Array(count).fill(255));
    }
    if (fresh || props.order !== oldProps.order) this.#setOrder(props.order);
    if (fresh || props.table !== oldProps.table) this.#setTable(props.table);
  }

  override draw(): void {
    const { kind, range, base, blend, diameter, unit, growth, solid, radius, travel, clip } = this.props;
    const { plainColor, missingColor, zeroColor, stageColor } = this.props;
    const { scale, height } = this.context.viewport;
    const uniforms: PointsUniforms = {
      plainColor: toShare(plainColor),
      missingColor: toShare(missingColor),
      zeroColor: toShare(zeroColor ?? missingColor),
      range: [...range],
      stageColor: toShare(stageColor),
      blendLow: [...three(blend?.low), blend?.steps ?? 0],
      blendHigh: [...three(blend?.high), 0],
      fit: [...(travel?.fit ?? [1, 1, 0, 0])],
      arrived: travel?.share ?? 1,
      kind: KINDS[kind],
      diameter,
      // Depth in clip space is measured in heights of the window.
      depthRadius: solid ? (radius * scale) / height : 0,
      zeroIsOwn: zeroColor ? 1 : 0,
      growth,
      unit,
      isSquare: this.props.angle === null ? 0 : 1,
      angle: this.props.angle ?? 0,
      scale: CURVES[this.props.scale],
      base,
    };
    this.state.model.shaderInputs.setProps({ points: uniforms });
    const { renderPass } = this.context;
    if (clip) this.#clipTo(clip);
    this.state.model.draw(renderPass);
    if (clip) this.#clipTo(null);
  }

  override finalizeState(): void {
    this.state.model.destroy();
    for (const buffer of this.state.buffers.values()) buffer.destroy();
    this.state.table?.destroy();
  }

  // The layer has its own buffers: deck.gl's attributes would keep a second copy of each.
  protected override _getAttributeManager(): null {
    return null;
  }

  #upload(name: string, data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>): void {
    this.state.model.setAttributes({ [name]: this.#buffer(name, data, Buffer.VERTEX) });
  }

  /** Draws only a part of the width of the view, of which the canvas may show a part; null for all of the canvas. */
  #clipTo(shares: readonly [number, number] | null): void {
    const canvas = this.context.device.getDefaultCanvasContext();
    const [width, height] = canvas.getDrawingBufferSize();
    const { x, width: whole } = this.context.viewport;
    const [left, right] = shares
      ? shares.map((share) => {
          const at = Math.round((x + share * whole) * canvas.cssToDeviceRatio());
          return Math.min(width, Math.max(0, at));
        })
      : [0, width];
    this.context.renderPass.setParameters({ scissorRect: [left, 0, right - left, height] });
  }

  /** Sends coordinates, and those that cells come from. */
  #place(props: PointsLayerOwnProps, before: PointsLayerOwnProps | null): void {
    if (before?.positions === props.positions && before.travel?.from === props.travel?.from) return;
    const isKept =
      before !== null && before.positions !== props.positions && props.travel?.from === before.positions;
    if (isKept) this.#keepAsOrigins();
    if (before?.positions !== props.positions) {
      this.#upload('positions', props.positions);
      this.state.model.setVertexCount(props.positions.length / props.width);
    }
    if (props.travel && !isKept) this.#buffer('origins', props.travel.from, Buffer.VERTEX);
    this.#setOrigins(props.travel !== null);
  }

  /** The graphics card has the coordinates that cells leave: nothing is sent for these. */
  #keepAsOrigins(): void {
    const { buffers } = this.state;
    const [leaving, earlier] = [buffers.get('positions'), buffers.get('origins')];
    if (leaving) buffers.set('origins', leaving);
    if (earlier) buffers.set('positions', earlier);
    else buffers.delete('positions');
  }

  /** Cells that do not move come from where they are. */
  #setOrigins(areMoving: boolean): void {
    const { buffers, model } = this.state;
    if (!areMoving) {
      buffers.get('origins')?.destroy();
      buffers.delete('origins');
    }
    model.setAttributes({ origins: buffers.get(areMoving ? 'origins' : 'positions')! });
  }

  #setOrder(order: Uint32Array<ArrayBuffer> | null): void {
    this.state.model.setIndexBuffer(order && this.#buffer('order', order, Buffer.INDEX));
  }

  #buffer(name: string, data: ArrayBufferView<ArrayBuffer> & { byteLength: number }, usage: number): Buffer {
    const { buffers } = this.state;
    const known = buffers.get(name);
    if (known?.byteLength === data.byteLength) {
      known.write(data);
      return known;
    }
    known?.destroy();
    const buffer = this.context.device.createBuffer({
      id: `${this.props.id}-${name}`,
      usage: usage | Buffer.COPY_DST,
      ...(usage === Buffer.INDEX && { indexType: 'uint32' as const }),
      data,
    });
    buffers.set(name, buffer);
    return buffer;
  }

  #setTable(table: Uint8Array<ArrayBuffer>): void {
    const texture = this.context.device.createTexture({
      id: `${this.props.id}-table`,
      format: 'rgba8unorm',
      width: LUT_WIDTH,
      height: table.length / (4 * LUT_WIDTH),
      data: table,
      sampler: { minFilter: 'nearest', magFilter: 'nearest' },
    });
    this.state.model.setBindings({ colorTable: texture });
    this.state.table?.destroy();
    this.state.table = texture;
  }
}

function toShare(color: Color): number[] {
  return [...color.map((byte) => byte / 255), 1];
}

/** A third gene that is not there is always at its lowest. */
function three([first = 0, second = 0, third = 1]: readonly number[] = []): number[] {
  return [first, second, third];
}
