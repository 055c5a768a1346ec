import * as v from 'valibot';
import { definePart } from './part';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const appearancePart = definePart({
  key: 'appearance',
  name: 'the appearance',
  schema: v.object({
    pointSize: v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)),
    opacity: share,
    showImage: v.boolean(),
    imageOpacity: share,
    // Earlier files have none.
    shapes: v.optional(
      v.object({
        shown: v.nullable(v.pipe(v.number(), v.integer())),
        opacity: share,
        hasOutlines: v.boolean(),
      }),
    ),
  }),
  save: ({ appearance: { pointSize, opacity, showImage, imageOpacity, shapes } }) => ({
    pointSize: pointSize.peek(),
    opacity: opacity.peek(),
    showImage: showImage.peek(),
    imageOpacity: imageOpacity.peek(),
    shapes: {
      shown: shapes.shown.peek(),
      opacity: shapes.opacity.peek(),
      hasOutlines: shapes.hasOutlines.peek(),
    },
  }),
  load: ({ appearance }, value) => {
    appearance.pointSize.value = value.pointSize;
    appearance.opacity.value = value.opacity;
    appearance.showImage.value = value.showImage;
    appearance.imageOpacity.value = value.imageOpacity;
    if (!value.shapes) return;
    appearance.shapes.shown.value = value.shapes.shown;
    appearance.shapes.opacity.value = value.shapes.opacity;
    appearance.shapes.hasOutlines.value = value.shapes.hasOutlines;
  },
});
