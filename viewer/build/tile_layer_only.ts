/** Of deck.gl's layers for maps, the page draws with one. Their list would import all of them, and all that they need. */
export { default as TileLayer } from '../node_modules/@deck.gl/geo-layers/dist/tile-layer/tile-layer.js';
export { Tileset2D as _Tileset2D } from '../node_modules/@deck.gl/geo-layers/dist/tileset-2d/index.js';
