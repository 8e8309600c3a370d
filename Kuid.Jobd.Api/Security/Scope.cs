namespace Kuid.Jobd.Api.Security;

/// <summary>What a principal may do; each includes those before it.</summary>
internal enum Scope
{
    /// <summary>Look at jobs and their output.</summary>
    Read,

    /// <summary>Submit jobs, and act on them.</summary>
    Run,

    /// <summary>Everything.</summary>
    Admin,
}
