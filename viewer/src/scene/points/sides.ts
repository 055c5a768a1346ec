import type { Colouring } from '../../state/colouring/colouring';
import type { Curtain } from '../../state/colouring/curtain';
import type { SceneSession } from '../../state/drawing/scene_session';
import { Diameters } from './diameter';

/** What depends on the colours of cells, on one side of a curtain. */
export interface Side {
  readonly session: Pick<SceneSession, 'view' | 'colouring' | 'appearance' | 'filters'>;
  readonly colouring: Colouring;
  readonly diameters: Diameters;
}

/** Both sides of a curtain; without one, all cells are on the left. */
export class Sides {
  readonly left: Side;
  readonly #right: Side | null;
  readonly #curtain: Curtain | undefined;

  constructor({ view, appearance, filters, colouring, curtain }: SceneSession) {
    const side = (colours: Colouring): Side => {
      const session = { view, appearance, filters, colouring: colours };
      return { session, colouring: colours, diameters: new Diameters(session) };
    };
    this.left = side(colouring);
    this.#right = curtain ? side(curtain.colouring) : null;
    this.#curtain = curtain;
  }

  /** The right side and where it begins, as a share of the width; null without a curtain. */
  get right(): (Side & { readonly from: number }) | null {
    if (!this.#right || !this.#curtain?.isDrawn.value) return null;
    return { ...this.#right, from: this.#curtain.at.value };
  }

  /** The side at a share of the width. */
  at(share: number): Side {
    return this.#right && this.#curtain?.isRight(share) ? this.#right : this.left;
  }
}
