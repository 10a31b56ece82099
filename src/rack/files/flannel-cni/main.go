// The CNI plugin "flannel": reads the subnet that flanneld wrote down for this node and hands over to the bridge plugin.
// Contract as upstream's: type flannel, optional subnetFile, dataDir and delegate; what was delegated is kept for DEL.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

type netConf struct {
	CNIVersion    string                 `json:"cniVersion"`
	Name          string                 `json:"name"`
	SubnetFile    string                 `json:"subnetFile"`
	DataDir       string                 `json:"dataDir"`
	Delegate      map[string]interface{} `json:"delegate"`
	RuntimeConfig map[string]interface{} `json:"runtimeConfig"`
}

func main() {
	if err := run(os.Getenv("CNI_COMMAND")); err != nil {
		json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"cniVersion": "0.3.1", "code": 100, "msg": err.Error()})
		os.Exit(1)
	}
}

func run(verb string) error {
	if verb == "VERSION" {
		fmt.Println(`{"cniVersion":"1.0.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0"]}`)
		return nil
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	conf := netConf{SubnetFile: "/run/flannel/subnet.env", DataDir: "/var/lib/cni/flannel"}
	if err := json.Unmarshal(input, &conf); err != nil {
		return fmt.Errorf("network configuration: %w", err)
	}
	kept := filepath.Join(conf.DataDir, os.Getenv("CNI_CONTAINERID"))
	switch verb {
	case "ADD":
		delegate, err := delegateOf(conf)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(conf.DataDir, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(kept, delegate, 0o600); err != nil {
			return err
		}
		return handOver(delegate)
	case "DEL":
		delegate, err := os.ReadFile(kept)
		if os.IsNotExist(err) {
			return nil // never added, or deleted before: DEL must be repeatable
		}
		if err != nil {
			return err
		}
		if err := handOver(delegate); err != nil {
			return err
		}
		return os.Remove(kept)
	case "CHECK", "STATUS", "GC":
		return nil
	}
	return fmt.Errorf("unknown CNI_COMMAND %q", verb)
}

// delegateOf builds the bridge plugin's configuration. The bridge must not masquerade when flanneld does already.
func delegateOf(conf netConf) ([]byte, error) {
	env, err := readEnv(conf.SubnetFile)
	if err != nil {
		return nil, err
	}
	mtu, err := strconv.Atoi(env["FLANNEL_MTU"])
	if err != nil {
		return nil, fmt.Errorf("%s: FLANNEL_MTU: %w", conf.SubnetFile, err)
	}
	delegate := conf.Delegate
	if delegate == nil {
		delegate = map[string]interface{}{}
	}
	defaults := map[string]interface{}{
		"type": "bridge", "mtu": mtu, "ipMasq": env["FLANNEL_IPMASQ"] != "true", "isGateway": true,
	}
	for key, value := range defaults {
		if _, given := delegate[key]; !given {
			delegate[key] = value
		}
	}
	delegate["name"] = conf.Name
	delegate["cniVersion"] = conf.CNIVersion
	if conf.RuntimeConfig != nil {
		delegate["runtimeConfig"] = conf.RuntimeConfig
	}
	routes := []map[string]string{}
	for _, network := range strings.Split(env["FLANNEL_NETWORK"], ",") {
		routes = append(routes, map[string]string{"dst": network})
	}
	delegate["ipam"] = map[string]interface{}{
		"type":   "host-local",
		"ranges": [][]map[string]string{{{"subnet": networkAddress(env["FLANNEL_SUBNET"])}}},
		"routes": routes,
	}
	return json.Marshal(delegate)
}

// networkAddress turns flanneld's gateway notation 10.244.1.1/24 into 10.244.1.0/24, which host-local insists on.
func networkAddress(subnet string) string {
	address, length, _ := strings.Cut(subnet, "/")
	return address[:strings.LastIndex(address, ".")] + ".0/" + length
}

func readEnv(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("flanneld has not written its subnet yet: %w", err)
	}
	defer file.Close()
	env := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), "="); found {
			env[key] = value
		}
	}
	return env, nil
}

// handOver runs the delegate with our environment; its answer is ours.
func handOver(delegate []byte) error {
	var conf struct{ Type string }
	if err := json.Unmarshal(delegate, &conf); err != nil {
		return err
	}
	for _, dir := range filepath.SplitList(os.Getenv("CNI_PATH")) {
		path := filepath.Join(dir, conf.Type)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		plugin := exec.Command(path)
		plugin.Stdin = bytes.NewReader(delegate)
		plugin.Stderr = os.Stderr
		output, err := plugin.Output()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", conf.Type, err, strings.TrimSpace(string(output)))
		}
		_, err = os.Stdout.Write(output)
		return err
	}
	return fmt.Errorf("plugin %q is in none of the folders of CNI_PATH", conf.Type)
}
