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
  }),
  save: ({ appearance: { pointSize, opacity, showImage, imageOpacity } }) => ({
    pointSize: pointSize.peek(),
    opacity: opacity.peek(),
    showImage: showImage.peek(),
    imageOpacity: imageOpacity.peek(),
  }),
  load: ({ appearance }, value) => {
    appearance.pointSize.value = value.pointSize;
    appearance.opacity.value = value.opacity;
    appearance.showImage.value = value.showImage;
    appearance.imageOpacity.value = value.imageOpacity;
  },
});
