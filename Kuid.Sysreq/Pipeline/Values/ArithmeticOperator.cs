namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>The operators that make a value of two.</summary>
public enum ArithmeticOperator
{
    /// <summary><c>+</c>.</summary>
    Add,

    /// <summary><c>-</c>.</summary>
    Subtract,

    /// <summary><c>*</c>.</summary>
    Multiply,

    /// <summary><c>/</c>; of two integers it is a float.</summary>
    Divide,

    /// <summary><c>%</c>, with the sign of the left side.</summary>
    Remainder,
}
