import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorData,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server'
import type { z } from 'zod'
import type { Operation } from './define.ts'
import type { ErrorCode, FieldError } from './errors.ts'
import type { Operations } from './operations.ts'

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

interface Calls<O extends Operation> {
  input: z.input<O['input']>
  output: z.input<O['output']>
  meta: object
}

type ProcedureOf<O extends Operation> = O['rest']['method'] extends 'GET'
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
      [V in keyof Operations[N]]: Operations[N][V] extends Operation ? ProcedureOf<Operations[N][V]> : never
    }
  }
>
