/** Keeps an error where it happened: in a row, in a pane, or at the top. */
import {Component, type ReactNode} from 'react';

type Props = {
	/** What stands there instead. */
	readonly fallback: ReactNode;
	readonly onError: (error: unknown) => void;
	/** Another value than that of the failure: it is tried again. */
	readonly content?: unknown;
	readonly children: ReactNode;
};

type State = {readonly hasFailed: boolean; readonly content: unknown};

export class ErrorBoundary extends Component<Props, State> {
	static getDerivedStateFromError(): Partial<State> {
		return {hasFailed: true};
	}

	static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
		return props.content === state.content ? null : {hasFailed: false, content: props.content};
	}

	override state: State = {hasFailed: false, content: this.props.content};

	override componentDidCatch(error: unknown): void {
		this.props.onError(error);
	}

	override render(): ReactNode {
		return this.state.hasFailed ? this.props.fallback : this.props.children;
	}
}
