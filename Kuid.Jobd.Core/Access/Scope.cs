namespace Kuid.Jobd.Core.Access;

/// <summary>What a principal may do; each includes those before it.</summary>
public enum Scope
{
    /// <summary>Look at jobs and their output.</summary>
    Read,

    /// <summary>Submit jobs, and act on them.</summary>
    Run,

    /// <summary>Everything.</summary>
    Admin,
}
