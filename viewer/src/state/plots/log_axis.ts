/** A place on an axis, which is that of `log1p` of the size on request, also below zero. */
export function onAxis(value: number, isLog: boolean): number {
  return isLog ? Math.sign(value) * Math.log1p(Math.abs(value)) : value;
}

export function offAxis(place: number, isLog: boolean): number {
  return isLog ? Math.sign(place) * Math.expm1(Math.abs(place)) : place;
}
