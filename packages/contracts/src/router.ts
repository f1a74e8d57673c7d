import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorData,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { z } from 'zod'
import type { Operation } from './define.ts'
import type { ErrorCode, FieldError } from './errors.ts'
import type { Operations } from './operations.ts'
import type { PeopleOperation } from './people/define.ts'
import type { PeopleOperations } from './people/index.ts'
import type { ChangeNotice } from './people/live.ts'

/** What `error.data` holds in a tRPC client when Posthorn refused a call. */
export interface RefusalData extends TRPCDefaultErrorData {
  /** The code of the public table of errors. */
  apiCode: ErrorCode
  requestId: string
  errors?: FieldError[]
  suggestion?: string
}

export interface RouterRoot {
  ctx: object
  meta: object
  errorShape: TRPCErrorShape<RefusalData>
  transformer: false
}

interface Calls<O extends { input: z.ZodObject; output: z.ZodObject }> {
  input: z.input<O['input']>
  output: z.input<O['output']>
  meta: object
}

/** What takes a body as it comes, or answers with a file, is offered over REST alone. */
type CalledByTrpc<Verbs> = {
  [V in keyof Verbs as Verbs[V] extends { takes: object } | { answers: object } ? never : V]: Verbs[V]
}

type ProcedureOf<O extends Operation> = O['rest']['method'] extends 'GET'
  ? TRPCQueryProcedure<Calls<O>>
  : TRPCMutationProcedure<Calls<O>>

type PeopleProcedureOf<O extends PeopleOperation> = O['call'] extends 'query'
  ? TRPCQueryProcedure<Calls<O>>
  : TRPCMutationProcedure<Calls<O>>

/**
 * The type of the tRPC router, for `createTRPCClient<AppRouter>`. It is computed from the table of operations, so an
 * internal app needs this package and nothing of the server.
 */
export type AppRouter = TRPCBuiltRouter<
  RouterRoot,
  {
    [N in keyof Operations]: {
      [V in keyof CalledByTrpc<Operations[N]>]: CalledByTrpc<Operations[N]>[V] extends Operation
        ? ProcedureOf<CalledByTrpc<Operations[N]>[V]>
        : never
    }
  } & {
    [N in keyof PeopleOperations]: {
      [V in keyof PeopleOperations[N]]: PeopleOperations[N][V] extends PeopleOperation
        ? PeopleProcedureOf<PeopleOperations[N][V]>
        : never
    }
  } & {
    live: {
      changes: TRPCSubscriptionProcedure<{
        input: void
        output: AsyncIterable<z.input<typeof ChangeNotice>, void, unknown>
        meta: object
      }>
    }
  }
>
