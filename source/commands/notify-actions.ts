/** What commands do about which networks, and at which hours, mx notifies. */

export type NotifyActions = {
	/**
	 * Says what is told of the open room's network, or changes that, for this device.
	 * @param level one of `networkLevels`, or `default` to take back what was said; without it nothing changes
	 * @param where `network`, `bridged`, `matrix` or the name of a network; that of the open room without
	 */
	readonly setLevel: (level: string | undefined, where: string | undefined) => void;
	/** Says when nothing is told, or changes that. @param hours `22:00-07:00`, or `off` */
	readonly setQuiet: (hours: string | undefined) => void;
};
