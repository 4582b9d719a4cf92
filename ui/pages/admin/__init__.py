"""Admin: what a maintainer watches; the gate lets nobody in without a key of the scope `admin`."""
