/** What commands do about who sees what was read. */

export type ReceiptActions = {
	/**
	 * Says who sees it, or changes that.
	 * @param mode `public`, `private`, `off`, or `default` to take back what was said; without it nothing changes
	 * @param where `here`, `network`, `bridged`, `matrix` or the name of a network; the open room without
	 */
	readonly set: (mode: string | undefined, where: string | undefined) => void;
};
