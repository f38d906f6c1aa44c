import { Component, type ReactNode } from 'react';

type AnswerBoundaryProps = { readonly fallback: ReactNode; readonly children: ReactNode };

/** One answer that cannot be rendered is shown as plain text, and everything around it lives on. */
export class AnswerBoundary extends Component<AnswerBoundaryProps, { readonly hasFailed: boolean }> {
  override readonly state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
