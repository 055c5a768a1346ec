/**
 * Stands for the loaders that deck.gl opens addresses with, 30 kB of them. The page hands it pictures and arrays that
 * it has read itself, and an address that came to deck.gl all the same would be refused here.
 */
export function registerLoaders(): void {}

export function load(url: string): never {
  throw new Error(`deck.gl opens no address in this page, got ${url}`);
}

export const ImageLoader = null;
