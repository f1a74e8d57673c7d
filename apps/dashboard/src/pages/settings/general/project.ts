import type { WireOutput } from '@posthorn/contracts'

export type Project = WireOutput<'project', 'get'>
