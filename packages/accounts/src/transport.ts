/** How the transport tells from which address a request is; it drops what the client says under this name. */
export const ADDRESS_HEADER = 'x-posthorn-address'
