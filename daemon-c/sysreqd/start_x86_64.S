# The kernel enters with argc at the stack pointer.  A call leaves the stack of the callee as the ABI wants it, which a
# _start in C has not: the compiler would put aligned stores at unaligned places.
    .globl _start
_start:
    mov %rsp, %rdi
    and $-16, %rsp
    call sysreqd
    hlt

# Where a signal handler returns to (SA_RESTORER).
    .globl signal_return
signal_return:
    mov $15, %eax
    syscall

    .section .note.GNU-stack, "", @progbits
