import { transact, untilLetThrough, type Db } from '@posthorn/db'
import { coalesce } from './coalesce.ts'
import type { Context } from './context.ts'
import { isUnavailable } from './errors.ts'
import { asInProgress, keepAnswers, oneAtATime, slot, takeKeys, type KeyedCall, type Once } from './idempotency.ts'

/** Does the work of one call together with that of others, in one commit, and makes the call's answer of the result. */
export type GroupCommit<Item, Result> = <Output>(
  ctx: Context,
  item: Item,
  present: (result: Result) => Output,
) => Promise<Output>

interface Member<Item> {
  projectId: string
  item: Item
  once: Once | undefined
  present: (result: never) => unknown
}

export interface GroupCommitOptions<Item> {
  keyWaitMs: number
  /** Whether `apply` is a single statement for these items, which commits by itself. */
  isOneStatement?: (items: readonly Item[]) => boolean
}

/**
 * Makes set-based work callable one item at a time: items that arrive together share a transaction. A batch that
 * fails is done again one by one, so that one bad item fails alone.
 */
export function groupCommit<Item, Result>(
  db: Db,
  apply: (db: Db, items: Item[]) => Promise<Result[]>,
  { keyWaitMs, isOneStatement = () => false }: GroupCommitOptions<Item>,
): GroupCommit<Item, Result> {
  type Outcome = { output: unknown } | { thrown: unknown }

  const commit = async (members: Member<Item>[]): Promise<Outcome[]> => {
    const items = members.map(({ item }) => item)
    if (members.some(({ once }) => once !== undefined) || !isOneStatement(items)) return commitTogether(members)
    const results = await untilLetThrough(() => apply(db, items))
    // Safe because `apply` answers item for item.
    return members.map(({ present }, index) => ({ output: present(results[index] as never) }))
  }

  const commitTogether = (members: Member<Item>[]) =>
    transact(db, async (trx): Promise<Outcome[]> => {
      const keyed = members.filter((member): member is Member<Item> & KeyedCall => member.once !== undefined)
      const verdicts = new Map<Member<Item>, unknown>()
      if (keyed.length > 0) {
        // Not long where others would wait along.
        const answers = await takeKeys(trx, keyed, members.length > 1 ? keyWaitMs / 5 : keyWaitMs)
        answers.forEach((verdict, index) => verdict && verdicts.set(keyed[index] as Member<Item>, verdict))
      }
      const first = members.filter((member) => !verdicts.has(member))
      const results =
        first.length > 0
          ? await apply(
              trx,
              first.map(({ item }) => item),
            )
          : []
      // Safe because `apply` answers item for item.
      const outputs = new Map(first.map((member, index) => [member, member.present(results[index] as never)]))
      const answered = keyed.filter((member) => outputs.has(member))
      if (answered.length > 0) {
        await keepAnswers(
          trx,
          answered.map((member) => ({ ...member, output: outputs.get(member) })),
        )
      }
      return members.map((member) =>
        verdicts.has(member) ? { thrown: verdicts.get(member) } : { output: outputs.get(member) },
      )
    })

  const alone = async (member: Member<Item>): Promise<Outcome> => {
    try {
      const [outcome] = await commit([member])
      return outcome as Outcome
    } catch (error) {
      return { thrown: asInProgress(error) }
    }
  }

  const grouped = coalesce<Member<Item>, Outcome>({
    maxBatch: 100,
    maxInFlight: 2,
    async run(members) {
      try {
        return await commit(members)
      } catch (error) {
        if (members.length === 1 || isUnavailable(error)) return members.map(() => ({ thrown: asInProgress(error) }))
        const outcomes = new Map<Member<Item>, Outcome>()
        // Those without a key first, as the others may have to wait for theirs.
        const order = members.toSorted((a, b) => Number(a.once !== undefined) - Number(b.once !== undefined))
        for (const member of order) outcomes.set(member, await alone(member))
        return members.map((member) => outcomes.get(member) as Outcome)
      }
    },
  })

  return async <Output>(ctx: Context, item: Item, present: (result: Result) => Output) => {
    if (ctx.db.isTransaction) {
      const [result] = await apply(ctx.db, [item])
      return present(result as Result)
    }
    const member = { projectId: ctx.actor.projectId, item, once: ctx.once, present }
    const outcome = member.once
      ? await oneAtATime(slot({ projectId: member.projectId, once: member.once }), () => grouped(member))
      : await grouped(member)
    if ('thrown' in outcome) throw outcome.thrown
    return outcome.output as Output // Safe because it is what `present` made.
  }
}
