/* The system call instruction of x86-64: arguments in rdi rsi rdx r10 r8 r9, and rcx and r11 are lost. */
#ifndef KUID_SYS_ARCH_H
#define KUID_SYS_ARCH_H

#define SYS_ASM(...) \
    long result; \
    __asm__ volatile("syscall" : "=a"(result) : __VA_ARGS__ : "rcx", "r11", "memory"); \
    return result

static inline long sys_call0(long nr)
{
    SYS_ASM("a"(nr));
}

static inline long sys_call1(long nr, long a)
{
    SYS_ASM("a"(nr), "D"(a));
}

static inline long sys_call2(long nr, long a, long b)
{
    SYS_ASM("a"(nr), "D"(a), "S"(b));
}

static inline long sys_call3(long nr, long a, long b, long c)
{
    SYS_ASM("a"(nr), "D"(a), "S"(b), "d"(c));
}

static inline long sys_call4(long nr, long a, long b, long c, long d)
{
    register long r10 __asm__("r10") = d;
    SYS_ASM("a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10));
}

static inline long sys_call5(long nr, long a, long b, long c, long d, long e)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    SYS_ASM("a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8));
}

static inline long sys_call6(long nr, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    SYS_ASM("a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9));
}

#endif
