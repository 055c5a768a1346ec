/** Stands for a packer that the page does not have. */
export default null;
