module pilab.rack/flannel-cni

go 1.21
