/** The parts of htmx that our modules call; it comes by <script> and is a global. */
declare const htmx: {
  ajax(
    verb: 'get' | 'post',
    path: string,
    context: {
      source?: string | Element;
      target?: string | Element;
      swap?: string;
      values?: Record<string, string | string[]>;
    },
  ): Promise<void>;
  process(element: Element): void;
  trigger(element: Element, name: string, detail?: Record<string, unknown>): void;
};
