"""The public site: how long an approval holds, what a stranger's question may hide, and where a claim was read."""
