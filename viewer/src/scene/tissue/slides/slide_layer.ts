import type { Layer, UpdateParameters } from '@deck.gl/core';
import { TileLayer, type TileLayerProps } from '@deck.gl/geo-layers';
import type { PlacedSlide } from '../../../state/drawing/slides';
import type { SlideLook } from '../../../state/drawing/slide_look';
import { boundsOf } from './level';
import { OneTileLayer } from './tile_layer';
import type { Tile } from './tile_source';
import { tileOf } from './tileset';

interface SlideLayerOwnProps {
  slide: PlacedSlide;
  look: SlideLook;
  cover: number;
  /** A change asks for the tiles again that could not be loaded. */
  attempt: number;
}

type Update = Parameters<TileLayer<Tile, SlideLayerOwnProps>['updateState']>[0];

/** A slide, of which the tiles in view are loaded and drawn. */
export class SlideLayer extends TileLayer<Tile, SlideLayerOwnProps> {
  static override layerName = 'SlideLayer';
  static override defaultProps = {
    slide: { type: 'object', value: null },
    look: { type: 'object', value: null },
    cover: 1,
    attempt: 0,
  } as never;

  /** While a figure is drawn, what the page shows stays as it is, and no tile is asked for. */
  override shouldUpdateState(update: Update): boolean {
    return this.props.visible && super.shouldUpdateState(update);
  }

  override updateState(update: UpdateParameters<this>): void {
    if (update.props.attempt !== update.oldProps.attempt)
      for (const tile of this.state.tileset?.tiles ?? [])
        if (tile.isLoaded && tile.content === null) tile.setNeedsReload();
    super.updateState(update);
  }

  override renderSubLayers({
    id,
    data,
    tile,
  }: Parameters<TileLayer<Tile>['renderSubLayers']>[0]): Layer | null {
    if (!data) return null;
    const { slide, look, cover, modelMatrix } = this.props;
    const bounds = boundsOf(slide, tileOf(tile.index));
    return new OneTileLayer({ id, content: data, bounds, look, cover, modelMatrix });
  }
}

export type SlideLayerProps = SlideLayerOwnProps & TileLayerProps<Tile>;
