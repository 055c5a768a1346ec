"""Chooses the colours of categories for `viewer/src/state/colouring/palette.ts`, and prints their measures.

Run by hand, with `pip install colour-science`: `python viewer/build/choose_palette.py`. The result does not
depend on the machine: the search is seeded. The first colours are those of Okabe and Ito, as dark as the
light page needs them; the next ones keep apart for eyes without green cones too; the rest is as far apart as
a search by exchange brings it.
"""

from __future__ import annotations

import sys

import colour
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Stage and panel of each theme, and the colour of missing values, as in tokens.css and stage.tsx.
STAGES = ("#fcfcfb", "#0e1315")
PANELS = ("#ffffff", "#161c1f")
MISSING = ("#cbcfd2", "#444c52")
#: Of the points at first, as in session.ts.
OPACITY = 0.9
#: Small points on the dark stage look dimmer than their colour: more is asked for there.
CONTRASTS = (2.0, 2.6)
OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
N_COLOURS, N_FOR_ALL_EYES = 40, 10
#: CIELAB: less is grey, which is the colour of missing values.
LEAST_CHROMA = 14.0
FROM_MISSING = 12.0
GRID_STEP = 8
N_EXCHANGES = 1500
DEUTERANOPIA = colour.matrix_cvd_Machado2009("Deuteranomaly", 1.0)


def to_rgb(text: str) -> Floats:
    """Read ``#rrggbb`` as shares."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def to_hex(rgb: Floats) -> str:
    """Write shares as ``#rrggbb``."""
    return "#" + "".join(f"{round(255 * share):02x}" for share in rgb)


def to_lab(rgb: Floats, eye: Floats | None = None) -> Floats:
    """CIELAB of sRGB shares, as an eye with these cones sees them."""
    linear = colour.cctf_decoding(rgb, function="sRGB")
    if eye is not None:
        linear = np.clip(linear @ eye.T, 0, 1)
    return colour.XYZ_to_Lab(colour.RGB_to_XYZ(linear, "sRGB"))


def difference(first: Floats, second: Floats) -> Floats:
    """CIEDE2000."""
    return colour.difference.delta_E_CIE2000(first, second)


def contrast(rgb: Floats, ground: Floats) -> Floats:
    """Contrast of WCAG 2."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    one, other = (colour.cctf_decoding(c, function="sRGB") @ weights + 0.05 for c in (rgb, ground))
    return np.maximum(one, other) / np.minimum(one, other)


def stands_out(rgb: Floats) -> npt.NDArray[np.bool_]:
    """Whether colours have enough contrast in either theme, as swatches and as points."""
    fine = np.ones(rgb.shape[:-1], bool)
    for least, stage, panel in zip(CONTRASTS, STAGES, PANELS, strict=True):
        ground = to_rgb(stage)
        fine &= contrast(rgb, to_rgb(panel)) >= min(CONTRASTS)
        fine &= contrast(OPACITY * rgb + (1 - OPACITY) * ground, ground) >= least
    return fine


def darken(text: str) -> Floats:
    """The lightest colour of the same hue and saturation that stands out, at most this one."""
    for share in np.arange(1, 0.5, -0.002):
        rgb = np.round(255 * share * to_rgb(text)) / 255
        if stands_out(rgb):
            return rgb
    raise ValueError(f"{text} stands out in no lightness")


def candidates() -> Floats:
    """Every colour of a grid that may be chosen."""
    steps = np.append(np.arange(0, 256, GRID_STEP), 255) / 255
    rgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    rgb = rgb[stands_out(rgb)]
    lab = to_lab(rgb)
    fine = np.hypot(lab[:, 1], lab[:, 2]) >= LEAST_CHROMA
    for text in MISSING:
        fine &= difference(lab, to_lab(to_rgb(text))) >= FROM_MISSING
    return rgb[fine]


class Search:
    """Candidates, and how far each is from every colour that is chosen."""

    def __init__(self, rgb: Floats, eyes: tuple[Floats | None, ...]) -> None:
        self.rgb = rgb
        self._eyes = eyes
        self._labs = [to_lab(rgb, eye) for eye in eyes]

    def away(self, chosen: Floats) -> Floats:
        """The distance of all candidates from one colour, for the eye that sees least of it."""
        pairs = zip(self._labs, self._eyes, strict=True)
        return np.min([difference(lab, to_lab(chosen, eye)) for lab, eye in pairs], axis=0)

    def extend(self, chosen: list[Floats], count: int) -> list[Floats]:
        """Take the farthest candidate, again and again."""
        chosen = list(chosen)
        nearest = np.min([self.away(rgb) for rgb in chosen], axis=0)
        while len(chosen) < count:
            chosen.append(self.rgb[int(nearest.argmax())])
            nearest = np.minimum(nearest, self.away(chosen[-1]))
        return chosen

    def exchange(
        self, chosen: list[Floats], fixed: int, turns: int, rng: np.random.Generator
    ) -> list[Floats]:
        """Replace one of the closest pair, and now and then any, as long as the smallest distance grows."""
        away = np.stack([self.away(rgb) for rgb in chosen])
        at = [self._index(rgb) if i >= fixed else -1 for i, rgb in enumerate(chosen)]
        best, best_score = list(chosen), 0.0
        for turn in range(turns):
            among = np.array([self._from(away, i, at, chosen) for i in range(fixed, len(chosen))])
            score = among.min()
            if score > best_score:
                best, best_score = list(chosen), score
            one = fixed + int(among.argmin() if turn % 7 else rng.integers(len(among)))
            rest = np.delete(away, one, axis=0).min(axis=0)
            top = np.argpartition(rest, -40)[-40:]
            at[one] = int(rng.choice(top) if turn % 3 else rest.argmax())
            chosen[one] = self.rgb[at[one]]
            away[one] = self.away(chosen[one])
        return best

    def _index(self, rgb: Floats) -> int:
        return int(np.abs(self.rgb - rgb).sum(axis=1).argmin())

    @staticmethod
    def _from(away: Floats, one: int, at: list[int], chosen: list[Floats]) -> float:
        return float(np.delete(away[:, at[one]], one).min())


def order(chosen: list[Floats], fixed: int) -> list[Floats]:
    """After the fixed ones, the farthest first: few categories then differ more than many."""
    rest = Search(np.array(chosen[fixed:]), (None,))
    return rest.extend(chosen[:fixed], len(chosen))


def smallest(colors: list[Floats], eye: Floats | None = None) -> float:
    """The smallest difference between any two."""
    lab = to_lab(np.array(colors), eye)
    one, other = np.triu_indices(len(lab), 1)
    return float(difference(lab[one], lab[other]).min())


def main() -> None:
    """Search, and write the table and its measures."""
    rng = np.random.default_rng(12)
    grid = candidates()
    first = [darken(text) for text in OKABE_ITO]
    for_all = Search(grid, (None, DEUTERANOPIA))
    start = for_all.extend(first, N_FOR_ALL_EYES)
    start = for_all.exchange(start, len(first), N_EXCHANGES // 10, rng)
    both = Search(np.array(start[len(first) :]), (None, DEUTERANOPIA))
    start = both.extend(first, N_FOR_ALL_EYES)
    usual = Search(grid, (None,))
    chosen = usual.exchange(usual.extend(start, N_COLOURS), N_FOR_ALL_EYES, N_EXCHANGES, rng)
    chosen = order(chosen, N_FOR_ALL_EYES)
    out = sys.stdout.write
    out(f"{len(grid)} candidates\n")
    out(" ".join(to_hex(rgb) for rgb in chosen) + "\n")
    for count in (6, 8, 10, 12, 16, 20, 30, 40):
        few = chosen[:count]
        out(
            f"{count}: CIEDE2000 {smallest(few):.1f}, without green cones {smallest(few, DEUTERANOPIA):.1f}\n"
        )
    for text in (*STAGES, *PANELS):
        out(f"contrast on {text}: at least {min(contrast(rgb, to_rgb(text)) for rgb in chosen):.2f}\n")


if __name__ == "__main__":
    main()
