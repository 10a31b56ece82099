import { useSyncExternalStore, type ReactNode } from 'react';
import { Box, Text, useInput, useIsScreenReaderEnabled } from 'ink';
import { frameOf } from './frame.js';
import { keyPresses } from './key-press.js';
import { linearLines } from './linear.js';
import type { Store } from './store.js';

/** The screen: shows what the store holds, and tells it what is pressed. */
export function Screen({ store }: { readonly store: Store }): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const linear = useIsScreenReaderEnabled();
  useInput((input, key) => {
    for (const press of keyPresses(input, key)) store.dispatch({ type: 'press', key: press });
  });
  if (linear) return <Text>{linearLines(state).join('\n')}</Text>;
  const { header, side, sideWidth, main, mainWidth, divider, status, hints } = frameOf(state);
  return (
    <Box flexDirection="column">
      <Lines width={state.size.columns} lines={[header]} />
      <Box>
        {side.length > 0 && <Lines width={sideWidth} lines={side} />}
        {side.length > 0 && main.length > 0 && <Text>{divider}</Text>}
        {main.length > 0 && <Lines width={mainWidth} lines={main} />}
      </Box>
      {hints !== '' && <Lines width={state.size.columns} lines={[status === '' ? ' ' : status, hints]} />}
    </Box>
  );
}

/** Lines that were made for this width: ink only has to place them. */
function Lines({ width, lines }: { readonly width: number; readonly lines: readonly string[] }): ReactNode {
  return (
    <Box width={width} flexShrink={0}>
      <Text wrap="truncate-end">{lines.join('\n')}</Text>
    </Box>
  );
}
