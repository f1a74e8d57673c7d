/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role -- Some browsers drop the roles of a table that is laid out as cards. */
import { Button, Group, Skeleton, Text, VisuallyHidden } from '@mantine/core'
import { useState, type FocusEvent, type MouseEvent as Click, type ReactNode } from 'react'
import { RowInFocus } from './row-in-focus.ts'
import { ErrorState } from './states.tsx'
import classes from './data-list.module.css'

export interface Column<Item> {
  header: string
  /** Said to screen readers alone, where the cells speak for themselves. */
  isHeaderHidden?: boolean
  cell(item: Item): ReactNode
  /** In CSS; what is left over is shared by the columns that have none. */
  width?: string
  /** The first line of the card that a row becomes on narrow screens; one column has it. */
  isTitle?: boolean
  /** Says its header before the cell on narrow screens too, where a number alone says nothing. */
  isNamed?: boolean
  /** Left out where room is short; the first ones go already on a small laptop. */
  isExtra?: boolean | 'first'
  align?: 'right'
}

/** What a list needs to know of its query; every query of TanStack fits. */
export interface ListQuery {
  isPending: boolean
  isError: boolean
  error: unknown
  refetch(): unknown
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  isFetchNextPageError?: boolean
  fetchNextPage?(): unknown
}

interface DataListProps<Item> {
  /** What is listed, for screen readers: "Emails". */
  label: string
  query: ListQuery
  items: readonly Item[] | undefined
  keyOf(item: Item): string
  columns: readonly Column<Item>[]
  /** Shown when nothing is there, or nothing fits the filters. */
  empty: ReactNode
}

const SKELETONS = [1, 2, 3, 4, 5, 6]

/**
 * A list with all its states: loading, empty, failed, and one page after another. A table on wide screens, cards on
 * narrow ones. A link with the class of `rowLink` makes its whole row clickable.
 */
export function DataList<Item>({ label, query, items, keyOf, columns, empty }: DataListProps<Item>) {
  if (query.isPending) return <Loading label={label} />
  if (items === undefined) {
    return (
      <ErrorState title={`${label} could not be loaded`} error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  if (items.length === 0 && !query.hasNextPage) return empty
  return (
    <>
      {query.isError && !query.isFetchNextPageError && (
        <Group gap="xs" mb="xs">
          <Text role="status" c="dimmed" size="sm">
            This may be out of date: it could not be loaded again.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </Group>
      )}
      {items.length === 0 && (
        <Text c="dimmed" ta="center" py="lg">
          Nothing fits so far, but there is more to search through.
        </Text>
      )}
      <div className={classes.wrap} hidden={items.length === 0}>
        <table className={classes.table} role="table" aria-label={label}>
          <thead className={classes.head} role="rowgroup">
            <tr role="row">
              {columns.map(({ header, width, align, isExtra, isHeaderHidden }) => (
                <th
                  key={header}
                  scope="col"
                  role="columnheader"
                  style={{ width }}
                  data-align={align}
                  data-extra={isExtra}
                >
                  {isHeaderHidden ? <VisuallyHidden>{header}</VisuallyHidden> : header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {items.map((item) => (
              <Row key={keyOf(item)} item={item} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      <More label={label} query={query} shown={items.length} />
    </>
  )
}

function Row<Item>({ item, columns }: { item: Item; columns: readonly Column<Item>[] }) {
  const [isInFocus, setInFocus] = useState(false)
  const look = ({ target }: FocusEvent) => setInFocus(target.matches(':focus-visible'))
  return (
    <tr className={classes.row} role="row" onClick={follow} onFocus={look} onBlur={() => setInFocus(false)}>
      {columns.map(({ header, cell, align, isTitle, isNamed, isExtra = false }) => (
        <td
          key={header}
          role="cell"
          data-label={isNamed ? header : undefined}
          data-align={align}
          data-title={isTitle}
          data-extra={isExtra === false ? undefined : isExtra}
        >
          {/* What may not be on the screen has nothing that it could say more beside. */}
          <RowInFocus value={isInFocus && isExtra === false}>{withTitle(cell(item))}</RowInFocus>
        </td>
      ))}
    </tr>
  )
}

/** The whole of a text, on hover, that may be cut off. */
const withTitle = (content: ReactNode) =>
  typeof content === 'string' && content !== '' ? <span title={content}>{content}</span> : content

/** What says more on hover lies above the link of its row, and leads where that leads. */
function follow(click: Click<HTMLElement>) {
  const isOver = click.target instanceof Element && click.target.closest('time, [title]') !== null
  if (!isOver || (click.target as Element).closest('a, button') !== null) return
  const link = click.currentTarget.querySelector(`.${classes.link}`)
  link?.dispatchEvent(new MouseEvent('click', click.nativeEvent))
}

/** For what can be used in a row beside its link, and is neither a link nor a button. */
export const aboveRowLink = classes.above

/** For the link in a row that stands for the whole row. */
export const rowLink = classes.link

function More({ label, query, shown }: { label: string; query: ListQuery; shown: number }) {
  return (
    <>
      <VisuallyHidden role="status">{`${label}: ${shown} shown`}</VisuallyHidden>
      {query.isFetchNextPageError && (
        <div className={classes.more}>
          <ErrorState
            title="The next page could not be loaded"
            error={query.error}
            onRetry={() => void query.fetchNextPage?.()}
          />
        </div>
      )}
      {query.hasNextPage && !query.isFetchNextPageError && (
        <Group justify="center" className={classes.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage?.()}>
            {shown === 0 ? 'Search further' : 'Load more'}
          </Button>
        </Group>
      )}
    </>
  )
}

function Loading({ label }: { label: string }) {
  return (
    <div className={classes.wrap} aria-busy>
      <VisuallyHidden role="status">{`${label} are loading`}</VisuallyHidden>
      {SKELETONS.map((line) => (
        <div key={line} className={classes.skeleton} aria-hidden>
          <Skeleton height={12} width={`${62 - line * 5}%`} />
          <Skeleton height={12} width={64} />
        </div>
      ))}
    </div>
  )
}
