// The kernel enters with argc at the stack pointer, which is aligned already.
    .globl _start
_start:
    mov x0, sp
    bl sysreqd
    brk #0

// Where a signal handler returns to; the kernel has one of its own, which this replaces.
    .globl signal_return
signal_return:
    mov x8, #139
    svc #0

    .section .note.GNU-stack, "", @progbits
