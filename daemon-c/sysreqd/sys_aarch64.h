/* The system call instruction of aarch64: the number in x8, arguments in x0 to x5, the result in x0. */
#ifndef KUID_SYS_ARCH_H
#define KUID_SYS_ARCH_H

#define SYS_REGISTER(name, value) register long name __asm__(#name) = (value)
#define SYS_ASM(...) \
    SYS_REGISTER(x8, nr); \
    __asm__ volatile("svc #0" : "+r"(x0) : __VA_ARGS__ : "memory"); \
    return x0

static inline long sys_call0(long nr)
{
    SYS_REGISTER(x0, 0);
    SYS_ASM("r"(x8));
}

static inline long sys_call1(long nr, long a)
{
    SYS_REGISTER(x0, a);
    SYS_ASM("r"(x8));
}

static inline long sys_call2(long nr, long a, long b)
{
    SYS_REGISTER(x0, a);
    SYS_REGISTER(x1, b);
    SYS_ASM("r"(x8), "r"(x1));
}

static inline long sys_call3(long nr, long a, long b, long c)
{
    SYS_REGISTER(x0, a);
    SYS_REGISTER(x1, b);
    SYS_REGISTER(x2, c);
    SYS_ASM("r"(x8), "r"(x1), "r"(x2));
}

static inline long sys_call4(long nr, long a, long b, long c, long d)
{
    SYS_REGISTER(x0, a);
    SYS_REGISTER(x1, b);
    SYS_REGISTER(x2, c);
    SYS_REGISTER(x3, d);
    SYS_ASM("r"(x8), "r"(x1), "r"(x2), "r"(x3));
}

static inline long sys_call5(long nr, long a, long b, long c, long d, long e)
{
    SYS_REGISTER(x0, a);
    SYS_REGISTER(x1, b);
    SYS_REGISTER(x2, c);
    SYS_REGISTER(x3, d);
    SYS_REGISTER(x4, e);
    SYS_ASM("r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4));
}

static inline long sys_call6(long nr, long a, long b, long c, long d, long e, long f)
{
    SYS_REGISTER(x0, a);
    SYS_REGISTER(x1, b);
    SYS_REGISTER(x2, c);
    SYS_REGISTER(x3, d);
    SYS_REGISTER(x4, e);
    SYS_REGISTER(x5, f);
    SYS_ASM("r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5));
}

#endif
