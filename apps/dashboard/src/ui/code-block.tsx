import { CopyButton } from './copy-button.tsx'
import classes from './code-block.module.css'

interface CodeBlockProps {
  code: string
  /** What it is, for screen readers and the copy button: "curl command". */
  label: string
  /** Breaks long lines in place of scrolling. */
  wrap?: boolean
  maxHeight?: string
}

/** Code or raw text to read and copy. It scrolls by keyboard too. */
export function CodeBlock({ code, label, wrap = false, maxHeight = '28rem' }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      {/* A part that scrolls has to be reachable by keyboard. */}
      <pre
        className={classes.code}
        data-wrap={wrap}
        style={{ maxHeight }}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <code>{code}</code>
      </pre>
      <div className={classes.copy}>
        <CopyButton value={code} label={`Copy ${label}`} />
      </div>
    </div>
  )
}
